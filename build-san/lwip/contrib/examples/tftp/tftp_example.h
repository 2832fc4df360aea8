/*
 * To change this license header, choose License Headers in Project Properties.
 * To change this template file, choose Tools | Templates
 * and open the template in the editor.
 */

/* 
 * File:   tftp_example.h
 * Author: dziegel
 *
 * Created on February 17, 2018, 3:43 PM
 */

#ifndef TFTP_EXAMPLE_H
#define TFTP_EXAMPLE_H

#ifdef __cplusplus
extern "C" {
#endif

void tftp_example_init_server(void);
void tftp_example_init_client(void);

#ifdef __cplusplus
}
#endif

#endif /* TFTP_EXAMPLE_H */

